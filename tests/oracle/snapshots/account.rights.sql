/* account.rights */ SELECT NULL, NULL, privilege
FROM session_privs
WHERE privilege IN (:arg0, :arg1, :arg2)
UNION ALL SELECT table_schema, table_name, privilege
FROM all_tab_privs
   
WHERE privilege IN (:arg3, :arg4, :arg5)
AND table_name IN (:arg6, :arg7, :arg8)
   
AND grantee IN (SELECT USER
FROM DUAL
UNION ALL SELECT 'PUBLIC'
FROM DUAL
       
UNION ALL SELECT role
FROM session_roles)
UNION ALL SELECT owner, table_name, 'OWNER'
FROM all_tables
WHERE owner = USER
AND table_name IN (:arg9, :arg10, :arg11)
